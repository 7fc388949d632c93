"""Every key of the sections of rule files, declared once: for reader, editors and reference."""
