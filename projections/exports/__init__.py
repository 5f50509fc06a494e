"""Any report as a file: pages, spreadsheets, tables. No format knows a report."""
