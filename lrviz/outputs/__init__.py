"""From curves to bytes and text: figures, charts in the terminal, and tables."""
