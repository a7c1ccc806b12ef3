"""What every package stands on: database, time, money, people, pages, files, jobs and the audit chain."""
