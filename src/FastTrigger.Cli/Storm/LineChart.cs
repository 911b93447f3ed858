using System.Globalization;
using System.Text;
using FastTrigger.Cli.ColdStart;

namespace FastTrigger.Cli.Storm;

/// <summary>Lines over time as inline SVG. The lines stretch with the page, and the text keeps its size.</summary>
internal static class LineChart
{
    private const int Width = 1000, Height = 120;

    public static string ToSvg(string title, TimeSpan duration, params (string Name, int Color, double[] Values)[] lines)
    {
        var max = lines.SelectMany(static line => line.Values).Where(static value => !double.IsNaN(value)).DefaultIfEmpty(1).Max();
        max = max <= 0 ? 1 : max * 1.05;
        var label = HtmlPage.Encode(title);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"<p class=\"dim\">{label} (0 to {LabReport.Number(max, 1)}): ");
        foreach (var (name, color, _) in lines)
        {
            text.Append("<svg width=\"12\" height=\"10\" style=\"display:inline\">");
            text.Append(CultureInfo.InvariantCulture, $"<rect width=\"10\" height=\"10\" class=\"c{color}\"/></svg> {name} &nbsp; ");
        }

        text.Append(CultureInfo.InvariantCulture, $"</p><svg role=\"img\" aria-label=\"{label}\" width=\"100%\" height=\"{Height}\"");
        text.Append(CultureInfo.InvariantCulture, $" viewBox=\"0 0 {Width} {Height}\" preserveAspectRatio=\"none\">");
        text.Append(CultureInfo.InvariantCulture, $"<line x1=\"0\" x2=\"{Width}\" y1=\"{Height - 1}\" y2=\"{Height - 1}\" class=\"grid\"");
        text.Append(" vector-effect=\"non-scaling-stroke\"/>");
        foreach (var (_, color, values) in lines)
        {
            AppendLine(text, color, values, max);
        }

        return text
            .Append(
                CultureInfo.InvariantCulture,
                $"</svg><div class=\"ends tick\"><span>0 s</span><span>{duration.TotalSeconds} s</span></div>")
            .ToString();
    }

    private static void AppendLine(StringBuilder text, int color, double[] values, double max)
    {
        text.Append("<polyline fill=\"none\" stroke-width=\"2\" vector-effect=\"non-scaling-stroke\"");
        text.Append(CultureInfo.InvariantCulture, $" class=\"l{color}\" points=\"");
        for (var i = 0; i < values.Length; i++)
        {
            if (!double.IsNaN(values[i]))
            {
                var x = (double)i / Math.Max(1, values.Length - 1) * Width;
                var y = (1 - (values[i] / max)) * (Height - 2);
                text.Append(CultureInfo.InvariantCulture, $"{x:0.#},{y:0.#} ");
            }
        }

        text.Append("\"/>");
    }
}
