"""What approvals show on an order's page, and what approvers press there."""
