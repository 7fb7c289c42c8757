"""What a sync would do, does and did; conflicts; what is taken back."""
