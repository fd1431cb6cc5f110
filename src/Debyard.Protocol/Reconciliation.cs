namespace Debyard.Protocol;

/// <summary>Answer of <c>POST /api/gitlab/reconcile</c>: how the branches differ from GitLab's.</summary>
/// <param name="Applied">False: nothing was changed.</param>
/// <param name="Checked">The number of branches compared.</param>
/// <param name="Branches">Those that change, or stay although an owner project lacks the git branch or cannot be asked.</param>
/// <param name="Projects">The projects that could not be checked.</param>
public sealed record ReconciliationAnswer(
    bool Applied,
    int Checked,
    IReadOnlyList<ReconciledBranch> Branches,
    IReadOnlyList<UncheckedProject> Projects
);

/// <param name="Branch">The branch's folder.</param>
/// <param name="Action">What is done, or would be: <c>retire</c>, <c>removeOwner</c>, <c>restore</c> or <c>keep</c>.</param>
/// <param name="Reason">One sentence.</param>
public sealed record ReconciledBranch(string Branch, string Ref, string Action, string Reason);

/// <param name="Reason">One sentence.</param>
public sealed record UncheckedProject(string Project, string Reason);
