"""The way of an order, told to a collector of traces (OpenTelemetry): only where one is named.

Terminal and hub tell of their own steps. Nothing travels with the order for it: its id is the
trace's, and the id of the step that all others hang on follows from it. `sending` has the client,
which only they import who are told of a collector.
"""

from broker.tracing.spans import Span, SpanSink, is_collector, write_document

__all__ = ["Span", "SpanSink", "is_collector", "write_document"]
