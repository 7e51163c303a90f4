"""What a person starts: the command line, the widgets, the teaching exercise. Views, without clinical logic."""
