/** A rule, a feature, an aggregate and a source of a user's own. */
package com.example.payments;
