"""Pictures of rows, as SVG: drawn with the standard library, and never without their table."""
