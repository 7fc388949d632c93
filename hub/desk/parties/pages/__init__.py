"""Pages of customers: the list, one customer, the forms that add and change one."""
