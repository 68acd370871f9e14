/** The metrics page: files of the jar, and who may do what with them. The data come by the HTTP API; uses {@code http} only. */
@NullMarked
package dev.weir.queryserver.page;

import org.jspecify.annotations.NullMarked;
