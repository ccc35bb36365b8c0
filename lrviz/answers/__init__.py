"""What commands, configs and notebooks ask for: texts go in, an object comes out."""
