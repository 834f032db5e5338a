"""What is remembered and watched over time; it attaches to selfcheck by entry points, like any plugin."""
