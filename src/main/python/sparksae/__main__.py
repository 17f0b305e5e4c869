"""Prints the path of the library's jar."""

from sparksae import jar

print(jar())
