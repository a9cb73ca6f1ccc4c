package org.sipdispatch.routing;

import org.sipdispatch.sets.FigurePattern;
import org.sipdispatch.spi.AlgoRoute;

/**
 * By what algorithms 9 and 10 compare destinations. Exactly one is given.
 *
 * @param figure the figure of algorithm 9
 * @param route the extension's algorithm of algorithm 10
 */
public record RankingPlan(FigurePattern figure, AlgoRoute route) {}
