/**
 * Examples, in a jar of their own that needs the library's: importers of well-known data sets (IDX
 * images, photographs, word vectors with WordNet's nouns, a transformer's hidden states), and
 * experiments on outliers and on rows of known features. {@link org.sparksae.examples.Main} has
 * these commands and the library's. The library knows nothing of this package.
 */
package org.sparksae.examples;
