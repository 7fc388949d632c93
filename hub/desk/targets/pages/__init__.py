"""Pages of targets: the list, one target with its versions, and the form that sets one."""
