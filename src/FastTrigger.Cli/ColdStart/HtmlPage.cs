using System.Net;
using System.Text;

namespace FastTrigger.Cli.ColdStart;

/// <summary>The frame of a report: one self-contained file, for narrow and wide screens, light or dark as the system is.</summary>
internal static class HtmlPage
{
    private const string Style = """
        :root{color-scheme:light dark;
        --back:#fbfbfa;--card:#fff;--text:#1b1f24;--dim:#5c6670;--line:#e3e5e8;--good:#0a7d38;--bad:#b3261e;
        --c0:#7a828c;--c1:#0b6bcb;--c2:#d9622b;--c3:#2a8f57;--c4:#8e4ec6;--c5:#b8860b;--c6:#c2255c;--c7:#0c8599}
        @media(prefers-color-scheme:dark){:root{
        --back:#15181c;--card:#1d2126;--text:#e6e9ec;--dim:#9aa4ae;--line:#30363d;--good:#4cc38a;--bad:#ff8a80;
        --c0:#8b949e;--c1:#5aa9f8;--c2:#f08c5a;--c3:#56c288;--c4:#b78af0;--c5:#e0b341;--c6:#f06595;--c7:#4dc4d6}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--back);color:var(--text);
        font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
        main{max-width:1080px;margin:0 auto;padding:24px 16px 64px}
        h1{font-size:26px;line-height:1.2;margin:0 0 6px;overflow-wrap:break-word}h2{font-size:18px;margin:0 0 10px}
        .dim,.unit,.tick{color:var(--dim)}.dim{font-size:13px}.unit{font-size:12px;margin:0;text-align:right}
        section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:16px;margin-top:16px}
        .cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin-top:16px}
        .card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:12px}
        .card b{display:block;font-size:22px;font-variant-numeric:tabular-nums}
        .card span{font-size:13px;color:var(--dim)}.scroll{overflow-x:auto}
        table{border-collapse:collapse;width:100%;font-size:12.5px;font-variant-numeric:tabular-nums}
        th,td{padding:5px 6px;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap}
        th{color:var(--dim);font-weight:600;white-space:normal;vertical-align:bottom}
        th:first-child,td:first-child{text-align:left;position:sticky;left:0;background:var(--card)}
        tr:last-child td{border-bottom:0}.good{color:var(--good)}.bad{color:var(--bad)}
        pre{white-space:pre-wrap;overflow-x:auto;font-size:12px;margin:8px 0 0}.word{white-space:nowrap}
        .ends{display:flex;justify-content:space-between;font-size:11px}
        .row{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 12px;margin:8px 0 0;font-size:13px;line-height:1.3;
        font-variant-numeric:tabular-nums}
        svg{display:block}svg .tick{fill:var(--dim);font-size:11px}
        .grid{stroke:var(--line)}.whisker{stroke:var(--text);stroke-width:1.5}
        .c0{fill:var(--c0)}.c1{fill:var(--c1)}.c2{fill:var(--c2)}.c3{fill:var(--c3)}
        .c4{fill:var(--c4)}.c5{fill:var(--c5)}.c6{fill:var(--c6)}.c7{fill:var(--c7)}
        @media(max-width:640px){table,tbody,tr{display:block}tr:first-child{display:none}tr{margin-top:10px}
        td{display:flex;justify-content:space-between;gap:12px;white-space:normal}
        td::before{content:attr(data-label);color:var(--dim);text-align:left}
        td:first-child{position:static;font-weight:600}td:first-child::before{content:none}}
        .l0{stroke:var(--c0)}.l1{stroke:var(--c1)}.l2{stroke:var(--c2)}.l3{stroke:var(--c3)}.l4{stroke:var(--c4)}
        """;

    public static string Wrap(string title, string body) => $"""
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8">
        <meta name="viewport" content="width=device-width,initial-scale=1">
        <title>{Encode(title)}</title><style>{Style}</style></head>
        <body><main>{body}</main></body></html>

        """;

    public static string Card(string figure, string label) =>
        $"<div class=\"card\"><b>{Encode(figure)}</b><span>{Encode(label)}</span></div>";

    /// <summary>A table, of which a phone shows each row as a list of names and values.</summary>
    /// <param name="rows">The cells as HTML.</param>
    public static string Table(IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string>> rows)
    {
        var text = new StringBuilder("<div class=\"scroll\"><table><tr>");
        text.AppendJoin("", headings.Select(static heading => $"<th>{Encode(heading)}</th>")).Append("</tr>");
        foreach (var row in rows)
        {
            var cells = row.Select((cell, i) => $"<td data-label=\"{Encode(headings[i])}\">{cell}</td>");
            text.Append("<tr>").AppendJoin("", cells).Append("</tr>");
        }

        return text.Append("</table></div>").ToString();
    }

    /// <summary>A command that wraps between its words, and not at a hyphen.</summary>
    public static string Command(string line) =>
        $"<pre>{string.Join(' ', line.Split(' ').Select(static word => $"<span class=\"word\">{Encode(word)}</span>"))}</pre>";

    public static string Encode(string text) => WebUtility.HtmlEncode(text);
}
