"""Files that go out: `cells` makes a value safe for a spreadsheet, `writing` writes rows to CSV or xlsx in bounded memory,
`listing` is what a page with a list declares so that it has a button for them.
"""
