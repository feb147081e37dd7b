"""The contract with downstream services: the record, the stream entry, the topics."""
