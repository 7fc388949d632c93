"""Pages of products: the list, one product, the forms that add and change one."""
