"""What a distributor brings along: products, customers, warehouses, batches, terminals."""
