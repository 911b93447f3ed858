using System.Globalization;
using System.Net;
using System.Text;

namespace FastTrigger.Cli.ColdStart;

/// <summary>
/// Plots as HTML: a line of text and an inline SVG for each row, and an axis. Positions are percentages and text is HTML, so a plot fits
/// any page width and its text wraps on a phone. A bar starts at zero: on a logarithmic axis, which has no zero, a row has dots instead.
/// </summary>
internal sealed class Plot
{
    private const int Left = 2, Right = 98, BarHeight = 14, Margin = 3, RowHeight = BarHeight + (2 * Margin), AxisHeight = 18;

    private readonly StringBuilder _rows = new();
    private readonly double _low, _high;
    private readonly List<double> _ticks;

    /// <param name="values">All values that the plot will show. The axis is logarithmic when they span more than a factor of eight.</param>
    public Plot(IEnumerable<double> values)
    {
        var all = values.Where(static value => value > 0 && !double.IsNaN(value)).DefaultIfEmpty(1).ToList();
        IsLogarithmic = all.Max() / all.Min() > 8;
        _high = all.Max() * (IsLogarithmic ? 1.15 : 1.05);
        _low = IsLogarithmic ? all.Min() / 1.3 : 0;
        _ticks = [.. Ticks()];
    }

    public bool IsLogarithmic { get; }

    /// <summary>What stands for a value: a bar from zero, or a dot.</summary>
    public string Mark => IsLogarithmic ? "dot" : "bar";

    /// <summary>Adds a bar of consecutive parts, or a dot at the end of each, with its text above and its interval as a line.</summary>
    public void Bar(string label, string figure, int color, IReadOnlyList<(double From, double To)> parts, double low, double high)
    {
        Open(label, figure);
        for (var i = 0; i < parts.Count; i++)
        {
            var opacity = i > 0 ? " opacity=\".55\"" : "";
            var (from, to) = (Position(parts[i].From), Position(parts[i].To));
            var style = $"class=\"c{color}\"{opacity}";
            var shape = IsLogarithmic
                ? string.Create(CultureInfo.InvariantCulture, $"circle cx=\"{to:F2}%\" cy=\"{RowHeight / 2}\" r=\"{BarHeight / 2}\"")
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"rect x=\"{from:F2}%\" y=\"{Margin}\" width=\"{Math.Max(to - from, 0.2):F2}%\" height=\"{BarHeight}\"");
            _rows.Append('<').Append(shape).Append(' ').Append(style).Append("/>");
        }

        AppendLine(_rows, Position(low), Position(high), RowHeight / 2, RowHeight / 2, "whisker");
        _rows.Append("</svg>");
    }

    /// <summary>Adds every sample as a point and the median as a line.</summary>
    public void Strip(string label, string figure, int color, IReadOnlyList<double> values, double median)
    {
        Open(label, figure);
        for (var i = 0; i < values.Count; i++)
        {
            // The points are spread over the height in a fixed pattern, so that they do not hide each other.
            var height = Margin + 1 + (i * 7 % (BarHeight - 1));
            _rows.Append(
                CultureInfo.InvariantCulture,
                $"<circle cx=\"{Position(values[i]):F2}%\" cy=\"{height}\" r=\"2.5\" class=\"c{color}\" opacity=\".6\"/>");
        }

        AppendLine(_rows, Position(median), Position(median), Margin - 2, RowHeight - Margin + 2, "whisker");
        _rows.Append("</svg>");
    }

    public string ToHtml(string title, string unit)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"<div role=\"img\" aria-label=\"{WebUtility.HtmlEncode(title)}\">");
        text.Append(_rows).Append(CultureInfo.InvariantCulture, $"<svg width=\"100%\" height=\"{AxisHeight}\">");
        foreach (var tick in _ticks)
        {
            var x = Position(tick);
            var anchor = x > 92 ? "end" : x < 6 ? "start" : "middle";
            text.Append(
                CultureInfo.InvariantCulture,
                $"<text x=\"{x:F2}%\" y=\"13\" text-anchor=\"{anchor}\" class=\"tick\">{tick:0.###}</text>");
        }

        var scale = IsLogarithmic ? "; log scale" : "";
        return text.Append(CultureInfo.InvariantCulture, $"</svg><p class=\"unit\">{unit}{scale}</p></div>").ToString();
    }

    /// <summary>Starts a row with its text and the lines of the axis.</summary>
    private void Open(string label, string figure)
    {
        _rows.Append(
            CultureInfo.InvariantCulture,
            $"<p class=\"row\"><span>{WebUtility.HtmlEncode(label)}</span> <span>{WebUtility.HtmlEncode(figure)}</span></p>");
        _rows.Append(CultureInfo.InvariantCulture, $"<svg width=\"100%\" height=\"{RowHeight}\">");
        foreach (var tick in _ticks)
        {
            AppendLine(_rows, Position(tick), Position(tick), 0, RowHeight, "grid");
        }
    }

    private static void AppendLine(StringBuilder text, double x1, double x2, int y1, int y2, string style) =>
        text.Append(
            CultureInfo.InvariantCulture,
            $"<line x1=\"{x1:F2}%\" x2=\"{x2:F2}%\" y1=\"{y1}\" y2=\"{y2}\" class=\"{style}\"/>");

    private double Position(double value)
    {
        var part = IsLogarithmic
            ? Math.Log(Math.Max(value, _low) / _low) / Math.Log(_high / _low)
            : (value - _low) / (_high - _low);
        return Left + (Math.Clamp(part, 0, 1) * (Right - Left));
    }

    private IEnumerable<double> Ticks()
    {
        if (IsLogarithmic)
        {
            var wide = _high / _low > 300;
            for (var power = Math.Pow(10, Math.Floor(Math.Log10(_low))); power < _high; power *= 10)
            {
                foreach (var step in wide ? (double[])[1] : [1, 2, 5])
                {
                    if (power * step >= _low && power * step <= _high)
                    {
                        yield return power * step;
                    }
                }
            }

            yield break;
        }

        var raw = _high / 5;
        var unit = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var size = raw / unit < 1.5 ? unit : raw / unit < 3.5 ? 2 * unit : 5 * unit;
        for (var tick = 0.0; tick <= _high; tick += size)
        {
            yield return tick;
        }
    }
}
