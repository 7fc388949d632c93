"""What lint doubts, a module for each kind of doubt; `rules.tools.lints.linting` asks them all."""
