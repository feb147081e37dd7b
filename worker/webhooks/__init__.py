"""Webhooks: each event of the article stream as an HTTP request to those who asked for it, in order, until it arrives.

The form is that of Standard Webhooks: https://github.com/standard-webhooks/standard-webhooks
"""
