using Debyard.Repository.Identity;

namespace Debyard.Server.Access.Authentication;

/// <summary>The job that a verified id_token identifies.</summary>
/// <param name="Ref">The branch or tag that the job runs for.</param>
/// <param name="IsProtected">True if the ref is protected in GitLab.</param>
sealed record JobIdentity(string Id, Project Project, string Ref, bool IsOfBranch, bool IsProtected);
