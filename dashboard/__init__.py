"""What shows two stages or more: 対応事項, 状況一覧, and the demonstration data. It has no tables
of its own.
"""
