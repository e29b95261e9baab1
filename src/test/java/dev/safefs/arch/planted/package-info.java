/**
 * A product in miniature that breaks each rule once, and uses each exemption once. See {@code
 * RulesTurnRedTest}.
 */
package dev.safefs.arch.planted;
