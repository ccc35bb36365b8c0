"""Pictures of docs from config files."""
