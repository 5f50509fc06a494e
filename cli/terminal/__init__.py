"""What a terminal needs: options, settings, formats, screens and failures."""
