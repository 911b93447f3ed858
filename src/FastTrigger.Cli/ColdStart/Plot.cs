using System.Globalization;
using System.Net;
using System.Text;

namespace FastTrigger.Cli.ColdStart;

/// <summary>
/// Plots as inline SVG whose positions are percentages and whose letters are pixels: they grow with the page, and are read on a phone.
/// </summary>
internal sealed class Plot
{
    private const int Left = 2, Right = 98, RowHeight = 46, BarTop = 20, BarHeight = 14, AxisHeight = 26;

    private readonly StringBuilder _rows = new();
    private readonly bool _logarithmic;
    private readonly double _low, _high;
    private int _top;

    /// <param name="values">Everything that will be drawn: the axis is made for it, logarithmic when it spans more than a factor of eight.</param>
    public Plot(IEnumerable<double> values)
    {
        var all = values.Where(static value => value > 0 && !double.IsNaN(value)).DefaultIfEmpty(1).ToList();
        _logarithmic = all.Max() / all.Min() > 8;
        _high = all.Max() * (_logarithmic ? 1.15 : 1.05);
        _low = _logarithmic ? all.Min() / 1.3 : 0;
    }

    /// <summary>A bar in parts, one behind the other, with its text above and its interval as a line.</summary>
    public void Bar(string label, string figure, int color, IReadOnlyList<(double From, double To)> parts, double low, double high)
    {
        Heading(label, figure);
        var y = _top + BarTop;
        for (var i = 0; i < parts.Count; i++)
        {
            var from = Position(parts[i].From);
            _rows.Append(CultureInfo.InvariantCulture, $"<rect x=\"{from:F2}%\" y=\"{y}\" width=\"{Math.Max(Position(parts[i].To) - from, 0.2):F2}%\" height=\"{BarHeight}\" class=\"c{color}\"{(i > 0 ? " opacity=\".55\"" : "")}/>");
        }

        _rows.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Position(low):F2}%\" x2=\"{Position(high):F2}%\" y1=\"{y + (BarHeight / 2)}\" y2=\"{y + (BarHeight / 2)}\" class=\"whisker\"/>");
        _top += RowHeight;
    }

    /// <summary>Every sample as a point, the median as a line.</summary>
    public void Strip(string label, string figure, int color, IReadOnlyList<double> values, double median)
    {
        Heading(label, figure);
        var y = _top + BarTop;
        for (var i = 0; i < values.Count; i++)
        {
            // Spread a little over the height, always the same way, so that points do not hide each other.
            _rows.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{Position(values[i]):F2}%\" cy=\"{y + 1 + (i * 7 % (BarHeight - 1))}\" r=\"2.5\" class=\"c{color}\" opacity=\".6\"/>");
        }

        _rows.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Position(median):F2}%\" x2=\"{Position(median):F2}%\" y1=\"{y - 2}\" y2=\"{y + BarHeight + 2}\" class=\"whisker\"/>");
        _top += RowHeight;
    }

    public string ToSvg(string title, string unit)
    {
        var height = _top + AxisHeight;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"<svg role=\"img\" aria-label=\"{WebUtility.HtmlEncode(title)}\" width=\"100%\" height=\"{height}\">");
        foreach (var tick in Ticks())
        {
            var anchor = Position(tick) > 92 ? "end" : Position(tick) < 6 ? "start" : "middle";
            text.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Position(tick):F2}%\" x2=\"{Position(tick):F2}%\" y1=\"0\" y2=\"{_top}\" class=\"grid\"/><text x=\"{Position(tick):F2}%\" y=\"{_top + 16}\" text-anchor=\"{anchor}\" class=\"tick\">{tick.ToString("0.###", CultureInfo.InvariantCulture)}</text>");
        }

        return text.Append(_rows).Append("</svg>").Append(CultureInfo.InvariantCulture, $"<p class=\"unit\">{unit}{(_logarithmic ? ", logarithmic" : "")}</p>").ToString();
    }

    private void Heading(string label, string figure) =>
        _rows.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left}%\" y=\"{_top + 14}\" class=\"label\">{WebUtility.HtmlEncode(label)}</text><text x=\"{Right}%\" y=\"{_top + 14}\" text-anchor=\"end\" class=\"figure\">{WebUtility.HtmlEncode(figure)}</text>");

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
