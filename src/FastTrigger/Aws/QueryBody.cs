using FastTrigger.Core;

namespace FastTrigger.Aws;

/// <summary>A request in AWS's query form: Action, Version, and flat names in which lists are numbered from 1.</summary>
internal readonly struct QueryBody
{
    private readonly ByteBuffer _body;

    public QueryBody(ByteBuffer body, string operation, string version)
    {
        _body = body;
        body.Clear().Append("Action="u8).Append(operation).Append("&Version="u8).Append(version);
    }

    public void Add(string name, string value)
    {
        _body.Append((byte)'&').Append(name).Append((byte)'=');
        QueryText.AppendEncoded(_body, value);
    }

    /// <summary>Adds LIST.index, LIST.index.MEMBER or LIST.index.MEMBER.memberIndex.</summary>
    public void Add(string list, int index, string? member, string value, int memberIndex = -1)
    {
        _body.Append((byte)'&').Append(list).Append((byte)'.').Append(index + 1);
        if (member is not null)
        {
            _body.Append((byte)'.').Append(member);
        }

        if (memberIndex >= 0)
        {
            _body.Append((byte)'.').Append(memberIndex + 1);
        }

        _body.Append((byte)'=');
        QueryText.AppendEncoded(_body, value);
    }
}
