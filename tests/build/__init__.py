"""Builders: one plain function per thing in a named state. They go through operations wherever one
exists.
"""
