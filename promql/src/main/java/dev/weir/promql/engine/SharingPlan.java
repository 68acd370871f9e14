package dev.weir.promql.engine;

import dev.weir.promql.ast.AggregateExpr;
import dev.weir.promql.ast.BinaryExpr;
import dev.weir.promql.ast.Call;
import dev.weir.promql.ast.Expr;
import dev.weir.promql.ast.MatrixSelector;
import dev.weir.promql.ast.NumberLiteral;
import dev.weir.promql.ast.ParenExpr;
import dev.weir.promql.ast.Span;
import dev.weir.promql.ast.StringLiteral;
import dev.weir.promql.ast.SubqueryExpr;
import dev.weir.promql.ast.UnaryExpr;
import dev.weir.promql.ast.ValueType;
import dev.weir.promql.ast.VectorSelector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which vectors a query asks for in several places, so that one evaluation serves all of them: expressions of the same form
 * that are evaluated at the same steps. Of nested ones only the outermost counts. Takes time and memory proportional to the
 * size of the query.
 */
final class SharingPlan {
    /** The context of what is the same at every step, wherever it stands. */
    private static final int INVARIANT = -1;

    private static final int ROOT = 0;

    private final StepInvariance invariance;
    private final Map<List<Object>, Integer> numbers = new HashMap<>();
    private final IdentityHashMap<Expr, Place> places = new IdentityHashMap<>();
    private final Map<Place, Integer> occurrences = new HashMap<>();
    private final Map<Place, Group> groups = new HashMap<>();
    private final IdentityHashMap<Expr, Group> groupByExpr = new IdentityHashMap<>();

    /** Expressions of equal form in equal contexts have equal values. */
    private record Place(int context, int form) {}

    /** The places of one vector, in the order of their evaluation. Equal to itself alone. */
    static final class Group {
        private final List<Expr> members = new ArrayList<>();

        int size() {
            return members.size();
        }

        Expr first() {
            return members.get(0);
        }
    }

    SharingPlan(Expr root, StepInvariance invariance) {
        this.invariance = invariance;
        locate(root, ROOT);
        visit(root);
        groupByExpr.values().removeIf(group -> group.size() == 1);
    }

    /** The places that have the same value as this expression; null if there is only this one. */
    @Nullable
    Group group(Expr expr) {
        return groupByExpr.get(expr);
    }

    /** The spans of an expression and all its parts; those of expressions of equal form correspond. */
    static List<Span> spans(Expr expr) {
        List<Span> spans = new ArrayList<>();
        collectSpans(expr, spans);
        return spans;
    }

    private static void collectSpans(Expr expr, List<Span> into) {
        into.add(expr.span());
        children(expr).forEach(child -> collectSpans(child, into));
    }

    /** Gives the expression and its parts their places. Returns the form. */
    private int locate(Expr expr, int context) {
        int own = invariance.isInvariant(expr) ? INVARIANT : context;
        List<Object> form = new ArrayList<>(ownParts(expr));
        int within = own;
        if (expr instanceof SubqueryExpr) {
            List<Object> steps = new ArrayList<>(form);
            steps.add(own);
            within = number(steps);
        }
        for (Expr child : children(expr)) {
            form.add(locate(child, within));
        }
        int number = number(form);
        if (expr.type() == ValueType.VECTOR) {
            Place place = new Place(own, number);
            places.put(expr, place);
            occurrences.merge(place, 1, Integer::sum);
        }
        return number;
    }

    /** Groups what occurs more than once, without looking into second occurrences. */
    private void visit(Expr expr) {
        Place place = places.get(expr);
        if (place != null && occurrences.getOrDefault(place, 0) > 1 && !(expr instanceof ParenExpr)) {
            Group group = groups.computeIfAbsent(place, p -> new Group());
            group.members.add(expr);
            groupByExpr.put(expr, group);
            if (group.size() > 1) {
                return;
            }
        }
        evaluatedChildren(expr).forEach(this::visit);
    }

    /** Above {@link #ROOT}. */
    private int number(List<Object> parts) {
        return numbers.computeIfAbsent(parts, p -> numbers.size() + 1);
    }

    /** What an expression is besides its children. */
    private static List<Object> ownParts(Expr expr) {
        if (expr instanceof NumberLiteral number) {
            return List.of("number", Double.doubleToRawLongBits(number.value()));
        } else if (expr instanceof StringLiteral string) {
            return List.of("string", string.value());
        } else if (expr instanceof VectorSelector selector) {
            return List.of("selector", selector.matchers(), selector.time());
        } else if (expr instanceof MatrixSelector matrix) {
            return List.of("matrix", matrix.range().millis());
        } else if (expr instanceof SubqueryExpr subquery) {
            return Arrays.asList("subquery", subquery.range().millis(), subquery.step(), subquery.time());
        } else if (expr instanceof UnaryExpr unary) {
            return List.of("sign", unary.negative());
        } else if (expr instanceof BinaryExpr binary) {
            return Arrays.asList("binary", binary.operator(), binary.returnBool(), binary.matching());
        } else if (expr instanceof AggregateExpr aggregate) {
            return List.of("aggregate", aggregate.operator(), aggregate.without(), aggregate.grouping());
        } else if (expr instanceof Call call) {
            return List.of("call", call.function().name());
        }
        return List.of("parentheses");
    }

    private static List<Expr> children(Expr expr) {
        if (expr instanceof MatrixSelector matrix) {
            return List.of(matrix.selector());
        } else if (expr instanceof SubqueryExpr subquery) {
            return List.of(subquery.expr());
        } else if (expr instanceof UnaryExpr unary) {
            return List.of(unary.expr());
        } else if (expr instanceof BinaryExpr binary) {
            return List.of(binary.left(), binary.right());
        } else if (expr instanceof AggregateExpr aggregate) {
            Expr parameter = aggregate.parameter();
            return parameter == null ? List.of(aggregate.expr()) : List.of(parameter, aggregate.expr());
        } else if (expr instanceof Call call) {
            return call.arguments();
        } else if (expr instanceof ParenExpr paren) {
            return List.of(paren.expr());
        }
        return List.of();
    }

    /** Those that are evaluated as a whole: not selectors that their function reads in its own way. */
    private static List<Expr> evaluatedChildren(Expr expr) {
        if (expr instanceof MatrixSelector) {
            return List.of();
        }
        if (expr instanceof Call call) {
            boolean readsItself = call.function().name().equals("timestamp")
                    && call.arguments().get(0).unwrapped() instanceof VectorSelector;
            if (readsItself) {
                return List.of();
            }
            return call.function().name().equals("info") ? call.arguments().subList(0, 1) : call.arguments();
        }
        return children(expr);
    }
}
