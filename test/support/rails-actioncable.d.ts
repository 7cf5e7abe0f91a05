declare module '@rails/actioncable';
declare module 'rails-actioncable-7';
