// What the pretend Slack judges: arguments per method, Block Kit, views, and the events it sends.
// Methods are grouped so that no group holds two types of one name.
import type * as types from '@slack/types';
import type * as api from '@slack/web-api';

export interface Conversations {
  'conversations.history': api.ConversationsHistoryArguments;
  'conversations.info': api.ConversationsInfoArguments;
  'conversations.join': api.ConversationsJoinArguments;
  'conversations.list': api.ConversationsListArguments;
  'conversations.members': api.ConversationsMembersArguments;
  'conversations.open': api.ConversationsOpenArguments;
  'conversations.replies': api.ConversationsRepliesArguments;
}

export interface Methods {
  'apps.connections.open': api.AppsConnectionsOpenArguments;
  'auth.test': api.AuthTestArguments;
  'chat.delete': api.ChatDeleteArguments;
  'chat.getPermalink': api.ChatGetPermalinkArguments;
  'chat.postEphemeral': api.ChatPostEphemeralArguments;
  'chat.postMessage': api.ChatPostMessageArguments;
  'chat.update': api.ChatUpdateArguments;
  'usergroups.list': api.UsergroupsListArguments;
  'usergroups.users.list': api.UsergroupsUsersListArguments;
  'users.info': api.UsersInfoArguments;
  'users.list': api.UsersListArguments;
  'views.open': api.ViewsOpenArguments;
  'views.publish': api.ViewsPublishArguments;
  'views.push': api.ViewsPushArguments;
  'views.update': api.ViewsUpdateArguments;
}

export interface Reactions {
  'reactions.add': api.ReactionsAddArguments;
  'reactions.get': api.ReactionsGetArguments;
  'reactions.remove': api.ReactionsRemoveArguments;
}

export interface Uploads {
  'files.completeUploadExternal': api.FilesCompleteUploadExternalArguments;
  'files.getUploadURLExternal': api.FilesGetUploadURLExternalArguments;
}

export interface FileFacts {
  'files.delete': api.FilesDeleteArguments;
  'files.info': api.FilesInfoArguments;
}

export interface Parts {
  blocks: types.KnownBlock[];
  view: types.View;
}

export type Events =
  | types.AppHomeOpenedEvent
  | types.AppMentionEvent
  | types.ChannelArchiveEvent
  | types.ChannelRenameEvent
  | types.ChannelUnarchiveEvent
  | types.GroupArchiveEvent
  | types.GroupRenameEvent
  | types.GroupUnarchiveEvent
  | types.MemberJoinedChannelEvent
  | types.MemberLeftChannelEvent
  | types.AllMessageEvents
  | types.ReactionAddedEvent
  | types.ReactionRemovedEvent
  | types.UserChangeEvent;
