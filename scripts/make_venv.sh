#!/bin/sh
# Make or update .venv: `sh scripts/make_venv.sh run` installs zotsync, `… dev` the tools for tests too.
# Takes the first of uv, python3.14 … python3.11, python3 that is new enough and can make a virtual
# environment; else prints the one line to type. Quick when nothing changed.
set -eu
cd "$(dirname "$0")/.."
wanted=$1
stamp=".venv/.zotsync-$wanted"
# A moved checkout or changed dependencies make the environment stale.
state="$(pwd) $(cksum < pyproject.toml)"

if [ -x .venv/bin/python ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$state" ]; then
    exit 0
fi

find_uv() {
    for uv in uv "$HOME/.local/bin/uv" "$HOME/.cargo/bin/uv"; do
        if "$uv" --version > /dev/null 2>&1; then
            return 0
        fi
    done
    uv=
    return 1
}

find_python() {
    lacks_venv=
    for python in python3.14 python3.13 python3.12 python3.11 python3; do
        if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' > /dev/null 2>&1; then
            if "$python" -c 'import ensurepip, venv' > /dev/null 2>&1; then
                return 0
            fi
            lacks_venv=${lacks_venv:-$python}
        fi
    done
    python=
    return 1
}

say_what_to_type() {
    if [ -n "$lacks_venv" ] && command -v apt-get > /dev/null 2>&1; then
        version=$("$lacks_venv" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        echo "zotsync: $lacks_venv cannot make a virtual environment. Type this line, then try again:"
        echo "    sudo apt-get install -y python$version-venv"
    else
        echo "zotsync needs Python 3.11 or newer. Type this line (uv brings one along), then try again:"
        if command -v curl > /dev/null 2>&1; then
            echo "    curl -LsSf https://astral.sh/uv/install.sh | sh"
        else
            echo "    wget -qO- https://astral.sh/uv/install.sh | sh"
        fi
    fi >&2
    exit 1
}

make_environment() {
    rm -rf .venv
    if [ -n "$uv" ]; then
        echo "Making .venv with uv"
        "$uv" venv --quiet --python '>=3.11' .venv
    else
        echo "Making .venv with $python"
        "$python" -m venv .venv
        # An old pip warns of dependencies that are built the old way.
        .venv/bin/python -m pip install --quiet --disable-pip-version-check --upgrade pip
    fi
}

install() {
    if [ -n "$uv" ]; then
        "$uv" pip install --quiet --python .venv/bin/python "$@"
    else
        .venv/bin/python -m pip install --quiet --disable-pip-version-check "$@"
    fi
}

find_uv || find_python || say_what_to_type
usable='import sys; sys.exit(sys.version_info < (3, 11))'
place=".venv/.zotsync-place"
if ! .venv/bin/python -c "$usable" > /dev/null 2>&1 ||
    [ "$(cat "$place" 2> /dev/null || pwd)" != "$(pwd)" ] ||
    { [ -z "$uv" ] && ! .venv/bin/python -m pip --version > /dev/null 2>&1; }; then
    make_environment
fi
pwd > "$place"
echo "Installing zotsync ($wanted)"
if [ "$wanted" = dev ]; then
    # Read from pyproject.toml here: pip older than 25.1 knows no dependency groups.
    .venv/bin/python - > .venv/dev-requirements.txt << 'END'
import tomllib
with open("pyproject.toml", "rb") as file:
    print(*tomllib.load(file)["dependency-groups"]["dev"], sep="\n")
END
    install -e . -r .venv/dev-requirements.txt
    echo "$state" > .venv/.zotsync-run
else
    install -e .
fi
echo "$state" > "$stamp"
