namespace Nuke.Common.CI.GitLab;

public partial class GitLab
{
    public string ExternalPullRequestIid => Variable("CI_EXTERNAL_PULL_REQUEST_IID");
    public string ExternalPullRequestSourceBranchName => Variable("CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_NAME");
    public string ExternalPullRequestSourceBranchSha => Variable("CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_SHA");
    public string ExternalPullRequestSourceRepository => Variable("CI_EXTERNAL_PULL_REQUEST_SOURCE_REPOSITORY");
    public string ExternalPullRequestTargetBranchName => Variable("CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_NAME");
    public string ExternalPullRequestTargetBranchSha => Variable("CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_SHA");
    public string ExternalPullRequestTargetRepository => Variable("CI_EXTERNAL_PULL_REQUEST_TARGET_REPOSITORY");
    public bool MergeRequestApproved => Variable<bool>("CI_MERGE_REQUEST_APPROVED");
    public string MergeRequestAssignees => Variable("CI_MERGE_REQUEST_ASSIGNEES");
    public string MergeRequestDescription => Variable("CI_MERGE_REQUEST_DESCRIPTION");
    public bool MergeRequestDescriptionIsTruncated => Variable<bool>("CI_MERGE_REQUEST_DESCRIPTION_IS_TRUNCATED");
    public string MergeRequestDiffBaseSha => Variable("CI_MERGE_REQUEST_DIFF_BASE_SHA");
    public string MergeRequestDiffId => Variable("CI_MERGE_REQUEST_DIFF_ID");
    public string MergeRequestEventType => Variable("CI_MERGE_REQUEST_EVENT_TYPE");
    public string MergeRequestId => Variable("CI_MERGE_REQUEST_ID");
    public string MergeRequestIid => Variable("CI_MERGE_REQUEST_IID");
    public string MergeRequestLabels => Variable("CI_MERGE_REQUEST_LABELS");
    public string MergeRequestMilestone => Variable("CI_MERGE_REQUEST_MILESTONE");
    public string MergeRequestProjectId => Variable("CI_MERGE_REQUEST_PROJECT_ID");
    public string MergeRequestProjectPath => Variable("CI_MERGE_REQUEST_PROJECT_PATH");
    public string MergeRequestProjectUrl => Variable("CI_MERGE_REQUEST_PROJECT_URL");
    public string MergeRequestRefPath => Variable("CI_MERGE_REQUEST_REF_PATH");
    public string MergeRequestSourceBranchName => Variable("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME");
    public bool MergeRequestSourceBranchProtected => Variable<bool>("CI_MERGE_REQUEST_SOURCE_BRANCH_PROTECTED");
    public string MergeRequestSourceBranchSha => Variable("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA");
    public string MergeRequestSourceProjectId => Variable("CI_MERGE_REQUEST_SOURCE_PROJECT_ID");
    public string MergeRequestSourceProjectPath => Variable("CI_MERGE_REQUEST_SOURCE_PROJECT_PATH");
    public string MergeRequestSourceProjectUrl => Variable("CI_MERGE_REQUEST_SOURCE_PROJECT_URL");
    public bool MergeRequestSquashOnMerge => Variable<bool>("CI_MERGE_REQUEST_SQUASH_ON_MERGE");
    public string MergeRequestTargetBranchName => Variable("CI_MERGE_REQUEST_TARGET_BRANCH_NAME");
    public bool MergeRequestTargetBranchProtected => Variable<bool>("CI_MERGE_REQUEST_TARGET_BRANCH_PROTECTED");
    public string MergeRequestTargetBranchSha => Variable("CI_MERGE_REQUEST_TARGET_BRANCH_SHA");
    public string MergeRequestTitle => Variable("CI_MERGE_REQUEST_TITLE");
}
