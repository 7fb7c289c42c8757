"""`python -m zotsync` is `zotsync`."""

from zotsync.cli.main import main

if __name__ == "__main__":
    main()
