"""Re-read and re-judge every entry: by entry, in order, then by every rule."""
