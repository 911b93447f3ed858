using FastTrigger.Events;

namespace FastTrigger.Tests.Events;

public sealed class IdentityTests
{
    private static string Session(string name) =>
        ("\"arn\":\"arn:aws:sts::123456789012:assumed-role/Admin/NAME\",\"principalId\":\"AROAEXAMPLE:NAME\","
            + "\"sessionContext\":{\"sessionIssuer\":{\"userName\":\"Admin\"}}").Replace("NAME", name, StringComparison.Ordinal);

    public static TheoryData<string, string?, string?> Identities => new()
    {
        { """{"type":"Root","arn":"arn:aws:iam::123456789012:root","principalId":"123456789012"}""", "root", null },
        { """{"type":"Root","invokedBy":"autoscaling.amazonaws.com"}""", null, "Auto Scaling" },
        { """{"type":"Root","invokedBy":"batch.amazonaws.com"}""", null, "batch.amazonaws.com" },
        {
            """{"type":"IAMUser","userName":"bob@example.com","arn":"arn:aws:iam::123456789012:user/bob@example.com"}""",
            "bob@example.com",
            null
        },
        { """{"type":"IAMUser","arn":"arn:aws:iam::123456789012:user/division/carol"}""", "carol", null },
        { "{\"type\":\"AssumedRole\"," + Session("alice@example.com") + "}", "alice@example.com", null },
        { "{\"type\":\"AssumedRole\",\"invokedBy\":\"cloudformation.amazonaws.com\"," + Session("alice") + "}", "alice", null },
        { "{\"type\":\"AssumedRole\"," + Session("i-0123456789abcdef0") + "}", null, "the instance i-0123456789abcdef0" },
        { "{\"type\":\"AssumedRole\"," + Session("i-am-a-person") + "}", "i-am-a-person", null },
        { "{\"type\":\"AssumedRole\"," + Session("awslambda_123") + "}", null, "a function" },
        {
            """
            {"type":"AssumedRole","principalId":"AROA:s",
             "sessionContext":{"sourceIdentity":"dave","sessionIssuer":{"userName":"Admin"}}}
            """,
            "dave",
            null
        },
        {
            """
            {"type":"AssumedRole","principalId":"AROA:AutoScaling","invokedBy":"ec2fleet.amazonaws.com",
             "sessionContext":{"sessionIssuer":{"userName":"AWSServiceRoleForEC2Fleet"}}}
            """,
            null,
            "service-linked role AWSServiceRoleForEC2Fleet"
        },
        { """{"type":"AssumedRole","arn":"arn:aws:sts::123456789012:assumed-role/Admin/erin"}""", "erin", null },
        { """{"type":"AssumedRole"}""", null, "has no name" },
        { """{"type":"Role","principalId":"AROA:frank","arn":"arn:aws:iam::123456789012:role/path/Ops"}""", "frank", null },
        { """{"type":"FederatedUser","principalId":"123456789012:grace"}""", "grace", null },
        { """{"type":"Directory","userName":"heidi"}""", "heidi", null },
        { """{"type":"AWSAccount","principalId":"AIDAEXAMPLE","accountId":"210987654321"}""", "AIDAEXAMPLE", null },
        { """{"type":"AWSService","invokedBy":"ssm.amazonaws.com"}""", null, "ssm.amazonaws.com" },
        {
            """
            {"type":"IdentityCenterUser","onBehalfOf":{"userId":"94482488-3041-7011",
             "identityStoreArn":"arn:aws:identitystore::123456789012:identitystore/d-1"}}
            """,
            "94482488-3041-7011",
            null
        },
        { """{"type":"SAMLUser","principalId":"idp:ivan@example.com","userName":"ivan@example.com"}""", "ivan@example.com", null },
        { """{"type":"WebIdentityUser","principalId":"accounts.google.com:app:judy","userName":"judy"}""", "judy", null },
        { """{"type":"Unknown"}""", null, "'Unknown'" },
        { """{"type":"SomethingNew","userName":"mallory"}""", "mallory", null },
        { """{}""", null, "''" },
        { """[]""", null, "no detail.userIdentity" },
        { """{"type":5,"arn":7,"principalId":{},"sessionContext":[]}""", null, "''" },
    };

    [Theory]
    [MemberData(nameof(Identities))]
    public void The_person_behind_a_call_is_found_or_it_is_said_why_not_C3_5(string userIdentity, string? owner, string? nobody)
    {
        using var document = JsonDocument.Parse("{\"detail\":{\"userIdentity\":" + userIdentity + "}}");
        var identity = Identity.Read(document.RootElement);
        Assert.Equal(owner, identity.Owner);
        Assert.Contains(nobody ?? "", identity.Nobody, StringComparison.Ordinal);
        Assert.Equal(nobody is null, identity.Nobody.Length == 0);
    }

    [Fact]
    public void Role_principal_userid_and_email_are_the_parts_of_an_assumed_role()
    {
        using var document = JsonDocument.Parse(
            "{\"detail\":{\"userIdentity\":{\"type\":\"AssumedRole\"," + Session("alice@example.com") + "}}}");
        var identity = Identity.Read(document.RootElement);
        Assert.Equal(("Admin", "alice@example.com"), (identity.Role, identity.Email));
        Assert.Equal("arn:aws:sts::123456789012:assumed-role/Admin/alice@example.com", identity.Principal);
        Assert.Equal("AROAEXAMPLE:alice@example.com", identity.UserId);
    }
}
