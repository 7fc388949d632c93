"""What lint doubts, a module for each kind of doubt; `rules.tools.lint.linting` asks them all."""
