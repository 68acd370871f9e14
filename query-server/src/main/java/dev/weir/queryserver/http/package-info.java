/**
 * HTTP as the server speaks it: a request goes through router, access and endpoint, and what comes back is a reply. Knows
 * nothing of PromQL.
 */
@NullMarked
package dev.weir.queryserver.http;

import org.jspecify.annotations.NullMarked;
