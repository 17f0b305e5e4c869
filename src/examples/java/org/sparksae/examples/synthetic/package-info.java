/**
 * Rows made of features that are known, and how well a model finds them, after the benchmark
 * SynthSAEBench (Chanin and Garriga-Alonso, 2026, arXiv 2602.14687).
 */
package org.sparksae.examples.synthetic;
