"""The targets of translations, one file each, named as on the command line.

A file has the TITLE of what it writes, and `texts`, which yields texts that should be what is
asked, the one that people expect first. The first is taken that lrviz reads back as the same rates.
"""
