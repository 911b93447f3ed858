namespace FastTrigger.Routing;

/// <summary>
/// `compliance`: what may be reported to AWS Config about a resource. PutEvaluations does not take INSUFFICIENT_DATA
/// (docs.aws.amazon.com/config/latest/APIReference/API_Evaluation.html).
/// </summary>
internal static class Compliance
{
    public const string NonCompliant = "NON_COMPLIANT", Compliant = "COMPLIANT", NotApplicable = "NOT_APPLICABLE";

    public static bool Is(string text) => text is NonCompliant or Compliant or NotApplicable;
}
