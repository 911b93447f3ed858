using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// Who made an API call, from CloudTrail's detail.userIdentity
/// (docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html).
/// </summary>
internal sealed class Identity
{
    private const string AutoScaling = "autoscaling.amazonaws.com";

    /// <summary>The person, as a name to write down: user name, session name, source identity; null when it is nobody.</summary>
    public string? Owner { get; private init; }

    /// <summary>Why <see cref="Owner"/> is null.</summary>
    public string Nobody { get; private init; } = "";

    /// <summary>Whether it was Auto Scaling that launched it, whose group may know an owner.</summary>
    public bool IsAutoScaling { get; private init; }

    /// <summary>Whether a service called of its own accord: then nothing about the identity leads to a person.</summary>
    public bool IsService { get; private init; }

    /// <summary>The ARN, or whatever comes nearest to it.</summary>
    public string? Principal { get; private init; }

    /// <summary>What the policy variable aws:userid compares with.</summary>
    public string? UserId { get; private init; }

    public string? Email { get; private init; }

    /// <summary>The role's name, when a role made the call.</summary>
    public string? Role { get; private init; }

    public static Identity Read(JsonElement root)
    {
        var user = root.Get("detail"u8, "userIdentity"u8);
        if (user.ValueKind != JsonValueKind.Object)
        {
            return new() { Nobody = "the event has no detail.userIdentity" };
        }

        var type = user.Text("type"u8) ?? "";
        var role = type is "AssumedRole" or "Role" ? RoleName(user) : null;
        var (owner, nobody) = Person(user, type, role, out var isService);
        return new()
        {
            IsService = isService,
            IsAutoScaling = user.Text("invokedBy"u8) == AutoScaling || role == "AWSServiceRoleForAutoScaling",
            Owner = owner,
            Nobody = nobody,
            Principal = user.Text("arn"u8) ?? user.Text("principalId"u8) ?? user.Text("invokedBy"u8),
            UserId = user.Text("principalId"u8) ?? user.Get("onBehalfOf"u8).Text("userId"u8),
            Email = owner is not null && IsEmail(owner) ? owner : null,
            Role = role,
        };
    }

    /// <summary>Null, with the reason, when the identity has nothing of that form.</summary>
    public string? As(OwnerForm form, out string nobody)
    {
        nobody = Nobody;
        if (form == OwnerForm.Person || IsService)
        {
            return Owner;
        }

        var (value, what) = form switch
        {
            OwnerForm.Role => (Role, "role"),
            OwnerForm.Arn => (Principal, "ARN"),
            OwnerForm.Email => (Email, "e-mail address"),
            _ => (UserId, "user id"),
        };
        nobody = value is null ? $"the userIdentity has no {what}" : "";
        return value;
    }

    private static (string? Owner, string Nobody) Person(JsonElement user, string type, string? role, out bool isService)
    {
        var service = user.Text("invokedBy"u8);
        isService = true;
        if (service == AutoScaling)
        {
            return (null, "launched by Auto Scaling, not by a person");
        }

        if (type == "Root" && service is not (null or "AWS Internal"))
        {
            // A service that acts for the account shows Root with invokedBy; a person who is root shows none.
            return (null, $"called by {service}, not by a person");
        }

        if (role is not null && role.StartsWith("AWSServiceRoleFor", StringComparison.Ordinal))
        {
            return (null, $"called by the service-linked role {role}{(service is null ? "" : $" of {service}")}, not by a person");
        }

        isService = type == "AWSService";
        switch (type)
        {
            case "AWSService":
                return (null, $"called by the service {service ?? user.Text("principalId"u8) ?? "unknown"}, not by a person");
            case "Root":
                return ("root", "");
            case "AssumedRole" or "Role":
                return Session(user, role);
            case "IAMUser":
                return Given(user.Text("userName"u8) ?? LastPart(user.Text("arn"u8), '/'), type);
            case "FederatedUser":
                return Given(user.Text("userName"u8) ?? LastPart(user.Text("principalId"u8), ':'), type);
            case "IdentityCenterUser":
                return Given(user.Text("userName"u8) ?? user.Get("onBehalfOf"u8).Text("userId"u8), type);
            case "SAMLUser" or "WebIdentityUser" or "Directory":
                return Given(user.Text("userName"u8) ?? LastPart(user.Text("principalId"u8), ':'), type);
            case "AWSAccount":
                // Another account's user: CloudTrail shows its id, never its name.
                return Given(user.Text("userName"u8) ?? user.Text("principalId"u8) ?? user.Text("accountId"u8), type);
            default:
                return user.Text("userName"u8) is { } name
                    ? (name, "")
                    : (null, $"userIdentity.type '{type}' names no person that we know how to read");
        }
    }

    private static (string? Owner, string Nobody) Session(JsonElement user, string? role)
    {
        if (user.Get("sessionContext"u8).Text("sourceIdentity"u8) is { } source)
        {
            return (source, "");
        }

        // principalId is AROA...:session; the ARN ends in role/session. Part 1 of the ARN would be the role.
        var session = LastPart(user.Text("principalId"u8), ':') ?? LastPart(user.Text("arn"u8), '/');
        if (session is null)
        {
            return (null, $"the session of role {role ?? "unknown"} has no name");
        }

        if (InstanceId.Is(session))
        {
            return (null, $"called by the instance {session} with role {role ?? "unknown"}, not by a person");
        }

        return session.StartsWith("awslambda", StringComparison.Ordinal)
            ? (null, $"called by a function with role {role ?? "unknown"}, not by a person")
            : (session, "");
    }

    private static (string? Owner, string Nobody) Given(string? name, string type) =>
        name is null ? (null, $"a userIdentity of type {type} that has no name") : (name, "");

    private static string? RoleName(JsonElement user)
    {
        if (user.Get("sessionContext"u8, "sessionIssuer"u8).Text("userName"u8) is { } name)
        {
            return name;
        }

        // arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION or arn:aws:iam::ACCOUNT:role/PATH/ROLE
        var parts = user.Text("arn"u8)?.Split('/');
        return parts is null or { Length: < 2 } ? null
            : parts[0].EndsWith(":assumed-role", StringComparison.Ordinal) ? parts[1]
            : parts[^1];
    }

    private static string? LastPart(string? text, char separator)
    {
        var at = text?.LastIndexOf(separator) ?? -1;
        return at < 0 || at == text!.Length - 1 ? null : text[(at + 1)..];
    }

    private static bool IsEmail(string text)
    {
        var at = text.IndexOf('@');
        return at > 0 && at == text.LastIndexOf('@') && text.IndexOf('.', at) > at + 1 && text[^1] != '.';
    }
}
