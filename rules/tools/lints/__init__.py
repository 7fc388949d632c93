"""What lint doubts, a module for each kind of doubt; `rules.tools.linting` asks them all."""
