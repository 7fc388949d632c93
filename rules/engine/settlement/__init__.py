"""The rules that settle an order once its prices stand: credit, approvals and allocation."""
