"""Double-entry bookkeeping as a service."""
