/** What commands that compare kinds of models share. */
package org.sparksae.examples.kinds;
