/** What every package of the core may use. Depends on {@code java.*} only. */
package org.sparksae.core;
