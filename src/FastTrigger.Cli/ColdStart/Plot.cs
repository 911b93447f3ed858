using System.Globalization;
using System.Net;
using System.Text;

namespace FastTrigger.Cli.ColdStart;

/// <summary>
/// Plots as inline SVG. Positions are percentages and text sizes are pixels, so a plot fits any page width and stays readable on a phone.
/// </summary>
internal sealed class Plot
{
    private const int Left = 2, Right = 98, RowHeight = 46, BarTop = 20, BarHeight = 14, AxisHeight = 26;

    private readonly StringBuilder _rows = new();
    private readonly bool _logarithmic;
    private readonly double _low, _high;
    private int _top;

    /// <param name="values">All values that the plot will show. The axis is logarithmic when they span more than a factor of eight.</param>
    public Plot(IEnumerable<double> values)
    {
        var all = values.Where(static value => value > 0 && !double.IsNaN(value)).DefaultIfEmpty(1).ToList();
        _logarithmic = all.Max() / all.Min() > 8;
        _high = all.Max() * (_logarithmic ? 1.15 : 1.05);
        _low = _logarithmic ? all.Min() / 1.3 : 0;
    }

    /// <summary>Adds a bar of consecutive parts, with its text above and its interval as a line.</summary>
    public void Bar(string label, string figure, int color, IReadOnlyList<(double From, double To)> parts, double low, double high)
    {
        Heading(label, figure);
        var y = _top + BarTop;
        for (var i = 0; i < parts.Count; i++)
        {
            var from = Position(parts[i].From);
            var width = Math.Max(Position(parts[i].To) - from, 0.2);
            var opacity = i > 0 ? " opacity=\".55\"" : "";
            _rows.Append(
                CultureInfo.InvariantCulture,
                $"<rect x=\"{from:F2}%\" y=\"{y}\" width=\"{width:F2}%\" height=\"{BarHeight}\" class=\"c{color}\"{opacity}/>");
        }

        AppendLine(_rows, Position(low), Position(high), y + (BarHeight / 2), y + (BarHeight / 2), "whisker");
        _top += RowHeight;
    }

    /// <summary>Adds every sample as a point and the median as a line.</summary>
    public void Strip(string label, string figure, int color, IReadOnlyList<double> values, double median)
    {
        Heading(label, figure);
        var y = _top + BarTop;
        for (var i = 0; i < values.Count; i++)
        {
            // The points are spread over the height in a fixed pattern, so that they do not hide each other.
            var height = y + 1 + (i * 7 % (BarHeight - 1));
            _rows.Append(
                CultureInfo.InvariantCulture,
                $"<circle cx=\"{Position(values[i]):F2}%\" cy=\"{height}\" r=\"2.5\" class=\"c{color}\" opacity=\".6\"/>");
        }

        AppendLine(_rows, Position(median), Position(median), y - 2, y + BarHeight + 2, "whisker");
        _top += RowHeight;
    }

    public string ToSvg(string title, string unit)
    {
        var height = _top + AxisHeight;
        var text = new StringBuilder();
        var label = WebUtility.HtmlEncode(title);
        text.Append(CultureInfo.InvariantCulture, $"<svg role=\"img\" aria-label=\"{label}\" width=\"100%\" height=\"{height}\">");
        foreach (var tick in Ticks())
        {
            var x = Position(tick);
            var anchor = x > 92 ? "end" : x < 6 ? "start" : "middle";
            AppendLine(text, x, x, 0, _top, "grid");
            text.Append(
                CultureInfo.InvariantCulture,
                $"<text x=\"{x:F2}%\" y=\"{_top + 16}\" text-anchor=\"{anchor}\" class=\"tick\">{tick:0.###}</text>");
        }

        var scale = _logarithmic ? ", logarithmic" : "";
        return text.Append(_rows).Append(CultureInfo.InvariantCulture, $"</svg><p class=\"unit\">{unit}{scale}</p>").ToString();
    }

    private void Heading(string label, string figure)
    {
        var y = _top + 14;
        _rows.Append(
            CultureInfo.InvariantCulture,
            $"<text x=\"{Left}%\" y=\"{y}\" class=\"label\">{WebUtility.HtmlEncode(label)}</text>");
        _rows.Append(
            CultureInfo.InvariantCulture,
            $"<text x=\"{Right}%\" y=\"{y}\" text-anchor=\"end\" class=\"figure\">{WebUtility.HtmlEncode(figure)}</text>");
    }

    private static void AppendLine(StringBuilder text, double x1, double x2, int y1, int y2, string style) =>
        text.Append(
            CultureInfo.InvariantCulture,
            $"<line x1=\"{x1:F2}%\" x2=\"{x2:F2}%\" y1=\"{y1}\" y2=\"{y2}\" class=\"{style}\"/>");

    private double Position(double value)
    {
        var part = _logarithmic
            ? Math.Log(Math.Max(value, _low) / _low) / Math.Log(_high / _low)
            : (value - _low) / (_high - _low);
        return Left + (Math.Clamp(part, 0, 1) * (Right - Left));
    }

    private IEnumerable<double> Ticks()
    {
        if (_logarithmic)
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
